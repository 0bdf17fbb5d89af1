package waldur

import (
	"errors"
	"testing"
)

func TestMemo(t *testing.T) {
	var m memo[int]
	asked := 0
	ask := func() (int, error) {
		asked++
		if asked == 1 {
			return 0, errors.New("it broke")
		}
		return asked, nil
	}
	_, err := m.get(ask)
	wantError(t, err, "it broke")
	for range 2 {
		got, err := m.get(ask)
		wantError(t, err, "")
		wantEqual(t, got, 2)
	}
}
