package waldursim

import (
	"fmt"
	"slices"
)

// table keeps rows in the order of their creation, which is the order of lists.
type table[T interface {
	comparable
	id() string
}] struct {
	rows  []T
	index map[string]T // by UUID
}

func (t *table[T]) add(row T) {
	if t.index == nil {
		t.index = map[string]T{}
	}
	t.rows = append(t.rows, row)
	t.index[row.id()] = row
}

func (t *table[T]) remove(gone T) {
	t.rows = slices.DeleteFunc(t.rows, func(row T) bool { return row == gone })
	delete(t.index, gone.id())
}

func (t *table[T]) find(uuid string) (row T, ok bool) {
	row, ok = t.index[uuid]
	return row, ok
}

// must finds a row by its UUID in any form; an unknown UUID panics.
func (t *table[T]) must(uuid string) T {
	row, ok := t.find(mustUUID(uuid))
	if !ok {
		panic(fmt.Sprintf("waldursim: no %T %s", row, uuid))
	}
	return row
}
