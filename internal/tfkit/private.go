package tfkit

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateState is the private state of an object, as the framework's requests and responses carry it.
type PrivateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Private is a value of type T under one key of the private state. Neither the key nor the JSON
// form of T may change: states of earlier versions hold them.
type Private[T any] struct {
	Key   string
	About string // the value in errors, such as "the wanted state"
}

// Load returns the stored value. It returns the zero value if there is none, and with an error.
func (p Private[T]) Load(ctx context.Context, from PrivateState, diags *diag.Diagnostics) T {
	var value, zero T
	text, problems := from.GetKey(ctx, p.Key)
	diags.Append(problems...)
	if len(text) == 0 || problems.HasError() {
		return zero
	}
	if err := json.Unmarshal(text, &value); err != nil {
		diags.AddError("Unable to read "+p.About, "The private data in the state is damaged, or a later version of "+
			"the provider wrote it.")
		return zero
	}
	return value
}

// Store replaces the stored value. It does not store the first zero value: a Read that stores nothing
// new must not write a new state.
func (p Private[T]) Store(ctx context.Context, to PrivateState, value T, diags *diag.Diagnostics) {
	text, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Unable to store "+p.About, err.Error())
		return
	}
	var none T
	if zero, err := json.Marshal(none); err == nil && bytes.Equal(text, zero) {
		if stored, problems := to.GetKey(ctx, p.Key); len(stored) == 0 && !problems.HasError() {
			return
		}
	}
	diags.Append(to.SetKey(ctx, p.Key, text)...)
}
