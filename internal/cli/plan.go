package cli

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
)

// PlanFiles returns the files in a saved plan, which is a ZIP file, by their names. It returns an error for any other
// content.
func PlanFiles(plan []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(plan), int64(len(plan)))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range archive.File {
		reader, err := entry.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(reader)
		if err = errors.Join(err, reader.Close()); err != nil {
			return nil, err
		}
		files[entry.Name] = content
	}
	return files, nil
}
