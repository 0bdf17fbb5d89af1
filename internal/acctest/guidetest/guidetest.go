// Package guidetest runs the configurations of the guides with a real CLI, the provider as it ships and
// simulators, and compares what the plans show with the texts in the guides.
package guidetest

import (
	"crypto/md5"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// began is the time at which each run of the guides begins, as the guides show it.
var began = time.Date(2026, time.November, 27, 9, 30, 0, 0, time.UTC)

// Excerpt returns what a reader of a guide needs of the output of a command: the errors if there are any, and
// otherwise changes and warnings. Times, ids and encrypted keys are those of the guides, so that each run has the
// same excerpt. Start is when the run began.
func Excerpt(output string, start time.Time) string {
	text := progress.ReplaceAllString(output, "")
	text = unsaved.ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, "OpenTofu", "Terraform")
	if at := firstError.FindStringIndex(text); at != nil {
		text = text[at[0]:]
	} else if at := firstChange.FindStringIndex(text); at != nil {
		text = text[at[0]:]
	}
	text = instant.ReplaceAllStringFunc(text, func(found string) string {
		parts := instant.FindStringSubmatch(found)
		at, err := time.Parse(time.DateOnly+"T"+time.TimeOnly, parts[1])
		if err != nil {
			return found // it only looks like a time
		}
		return moved(at, start).Format(time.DateOnly+"T"+time.TimeOnly) + parts[2]
	})
	text = version.ReplaceAllStringFunc(text, func(found string) string {
		seconds, _ := strconv.ParseInt(found, 10, 64) // it has ten digits
		return strconv.FormatInt(moved(time.Unix(seconds, 0), start).Unix(), 10)
	})
	text = armor.ReplaceAllString(text, "$1...$2")
	ids := map[string]string{}
	text = id.ReplaceAllStringFunc(text, func(found string) string {
		if ids[found] == "" {
			sum := md5.Sum([]byte{byte(len(ids))})
			ids[found] = hex.EncodeToString(sum[:])
		}
		return ids[found]
	})
	return strings.Trim(blankLines.ReplaceAllString(text, "\n\n"), "\n") + "\n"
}

var (
	// progress are the lines that show what the CLI does, and the separator at the end of a plan.
	progress = regexp.MustCompile(`(?m)^(\S+: (Reading|Read|Refreshing|Preparing|Creat|Modify|Still|Modific).*|─+)\n`)
	// unsaved is the advice of the CLI to save a plan.
	unsaved     = regexp.MustCompile(`(?s)Note: You didn't use the -out option.*?now\.\n?`)
	firstChange = regexp.MustCompile(`(?m)^(Terraform will perform the following actions:|No changes\.|Warning: )`)
	firstError  = regexp.MustCompile(`(?m)^Error: `)
	instant     = regexp.MustCompile(`\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|\+00:00)`)
	version     = regexp.MustCompile(`\b1[6-9]\d{8}\b`)
	// armor is a key that is encrypted: each encryption has another text.
	armor      = regexp.MustCompile(`(?s)(-----BEGIN AGE ENCRYPTED FILE-----\n +)\S.*?(\n +-----END)`)
	id         = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	blankLines = regexp.MustCompile(`\n{3,}`)
)

// moved returns the time in a guide of a time in a run. A run takes much less than an hour.
func moved(at, start time.Time) time.Time { return began.Add(at.Sub(start).Round(time.Hour)) }
