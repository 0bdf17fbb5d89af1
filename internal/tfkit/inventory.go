package tfkit

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// InventoryRow is an account or a key, as the inventory of all systems shows it. "", nil and the zero time
// stand for what the system does not return. No member holds the value of a key.
type InventoryRow struct {
	Type     string // the type of the resource that manages such objects
	ID       string // the id that the resource has
	Account  string // of a key: the ID of its account
	Name     string
	State    string
	Active   *bool
	KeyCount *int64 // of an account
	LastUsed time.Time
	Created  time.Time
}

// Inventory lists all accounts and keys of a system that the credential of the provider may see, from new
// requests. An error in diags is the only result then.
type Inventory[C any] func(ctx context.Context, client *C, diags *diag.Diagnostics) []InventoryRow

// NotConfigured is the error of a system that nobody has configured.
type NotConfigured struct{ Reason error }

// Error returns the reason.
func (e NotConfigured) Error() string { return e.Reason.Error() }

// bindInventory returns an Inventory with the client of its connection. It returns false if nobody has
// configured the system.
func bindInventory[C any](
	c *Connection[C], list Inventory[C],
) func(context.Context, *diag.Diagnostics) ([]InventoryRow, bool) {
	return func(ctx context.Context, diags *diag.Diagnostics) ([]InventoryRow, bool) {
		state := c.state.Load()
		switch {
		case state == nil || errors.As(state.unusable, &NotConfigured{}):
			return nil, false
		case state.unusable != nil:
			diags.AddError(state.summary, state.unusable.Error())
			return nil, true
		}
		return list(ctx, state.client, diags), true
	}
}
