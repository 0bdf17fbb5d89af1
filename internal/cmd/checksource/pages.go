package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// The pages that tfplugindocs writes, and the place where the registry shows them.
const (
	pagesFolder = "docs"
	pagesIndex  = "docs/index.md"
	registry    = "https://registry.terraform.io/providers/svcacct/svcacct/latest/docs/"
)

var (
	link        = regexp.MustCompile(`(?m)(?:\]\(|^\[[^]]+\]: +)([^)\s]+)`) // in the text, or below it
	absolute    = regexp.MustCompile(`^[a-z]+:`)
	subcategory = regexp.MustCompile(`(?m)^subcategory: ".+"$`)
	heading     = regexp.MustCompile(`^#+ +(.*?) *$`)
	anchor      = regexp.MustCompile(`<a id="([^"]+)">`)
)

// checkPages finds links in Markdown to a file or a heading that does not exist, and generated pages that
// the registry could not show in their place. Templates are not read: their pages are.
func checkPages(files []*source) []finding {
	var found []finding
	for _, s := range files {
		if !strings.HasSuffix(s.path, ".md") {
			continue
		}
		text := strings.Join(s.lines, "\n")
		if s.generated() && s.path != pagesIndex && !subcategory.MatchString(text) {
			found = append(found, finding{s.path, 1, "the page has no subcategory"})
		}
		prose := s.prose()
		for _, match := range link.FindAllStringSubmatchIndex(prose, -1) {
			if problem := s.linkProblem(prose[match[2]:match[3]]); problem != "" {
				found = append(found, finding{s.path, 1 + strings.Count(prose[:match[0]], "\n"), problem})
			}
		}
	}
	return found
}

// linkProblem says what is wrong with the target of a link, "" if it is right or leads to another site.
func (s *source) linkProblem(link string) string {
	target, fragment, _ := strings.Cut(link, "#")
	page, toRegistry := strings.CutPrefix(target, registry)
	switch {
	case toRegistry:
		target = path.Join(pagesFolder, page) + ".md"
	case absolute.MatchString(target):
		return ""
	case target == "":
		target = s.path
	case s.path == pagesIndex:
		// The address of the index has no slash at its end there.
		return fmt.Sprintf("the registry can't follow the relative link %q from this page: write %s...", link, registry)
	default:
		target = path.Join(path.Dir(s.path), target)
	}
	if s.generated() && !strings.HasPrefix(target, pagesFolder+"/") {
		return fmt.Sprintf("the registry does not have %q, to which a link leads", target)
	}
	if _, err := fs.Stat(s.root, target); err != nil {
		return fmt.Sprintf("there is no %q, to which a link leads", target)
	}
	if fragment != "" && !hasAnchor(s.root, target, fragment) {
		return fmt.Sprintf("%q has no heading %q, to which a link leads", target, fragment)
	}
	return ""
}

// hasAnchor reports whether a Markdown file has a heading or a place with this name. It returns true for
// another file.
func hasAnchor(root fs.FS, file, name string) bool {
	text, err := fs.ReadFile(root, file)
	if err != nil || !strings.HasSuffix(file, ".md") {
		return err == nil
	}
	page := &source{path: file, lines: strings.Split(string(text), "\n")}
	seen := map[string]int{}
	for i, fenced := range page.fenced() {
		if fenced {
			continue
		}
		if place := anchor.FindStringSubmatch(page.lines[i]); place != nil && place[1] == name {
			return true
		}
		title := heading.FindStringSubmatch(page.lines[i])
		if title == nil {
			continue
		}
		slug := slugOf(title[1])
		number := seen[slug]
		seen[slug]++
		if number > 0 {
			slug = fmt.Sprintf("%s-%d", slug, number)
		}
		if slug == name {
			return true
		}
	}
	return false
}

// slugOf returns the name that code hosts and the registry give to a heading.
func slugOf(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
