// Package terraform stands in for Terraform's legacy package, of which the CLI uses nothing.
package terraform
