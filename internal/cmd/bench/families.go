package main

import "fmt"

// family is a kind of objects that is measured together.
type family struct {
	name string
	// about is what the guide calls the objects, with %d for their number.
	about string
	// resources is the configuration of var.objects objects. The value of var.changed changes the first
	// object. A key depends on all accounts: a reference to one instance costs the CLI the evaluation of
	// all, which is not what is measured.
	resources string
	// seeded are the simulators' objects that the family needs, in accounts of -accounts.
	seeded func(objects int) int
	// removed is the kind of objects of the simulators that must not exist.
	removed string
	// existing is the configuration of objects that the simulators have, and imports the first object.
	// It is empty if only the CLI can write the state. In names, stem stands before the number.
	existing, stem string
	// mostOthers is the largest number of other accounts with which objects are created; 0: any number.
	mostOthers int
}

const variables = `
variable "objects" {
  type = number
}

variable "customer" {
  type = string
}

variable "changed" {
  default = "bench"
}

terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}
`

const wavefrontAccounts = `
resource "svcacct_wavefront_service_account" "all" {
  count       = var.objects
  identifier  = format("sa::bench-%06d", count.index)
  description = count.index == 0 ? var.changed : "bench"
}
`

var families = []family{
	{name: "waldur-service-accounts", about: "%d service accounts of a Waldur customer", stem: "customer", existing: `
resource "svcacct_waldur_customer_service_account" "all" {
  count                = var.objects
  customer_uuid        = var.customer
  preferred_identifier = format("customer-%06d", count.index + 1)
}

import {
  to = svcacct_waldur_customer_service_account.all[0]
  id = "${var.customer}/svc-customer-000001"
}
`, resources: `
resource "svcacct_waldur_customer_service_account" "all" {
  count                = var.objects
  customer_uuid        = var.customer
  preferred_identifier = format("bench-%06d", count.index)
  description          = count.index == 0 ? var.changed : "bench"
}
`},
	{name: "waldur-robot-accounts", about: "%d Waldur robot accounts of a project",
		removed: "robot_account", seeded: func(n int) int { return n }, resources: `
resource "svcacct_waldur_robot_account" "all" {
  count         = var.objects
  resource_uuid = md5(format("resource-%06d", floor(count.index / 2) + 1))
  type          = "b${count.index % 2}"
  description   = count.index == 0 ? var.changed : "bench"
}
`},
	{name: "wavefront-accounts", about: "%d Wavefront accounts", resources: wavefrontAccounts},
	{name: "wavefront", about: "%d Wavefront accounts with a token each", resources: wavefrontAccounts + `
resource "svcacct_wavefront_service_account_token" "all" {
  count           = var.objects
  service_account = format("sa::bench-%06d", count.index)
  name            = "bench"
  depends_on      = [svcacct_wavefront_service_account.all]
}
`},
	// A create reads the list of all users, and the provider refuses a response of 64 MiB.
	{name: "instaclustr", about: "%d Instaclustr users with a key each", mostOthers: 20_000, stem: "user", existing: `
resource "svcacct_instaclustr_service_user" "all" {
  count            = var.objects
  username         = format("user-%06d", count.index + 1)
  email            = format("user-%06d@service.example.com", count.index + 1)
  role             = "READ_ONLY"
  initial_api_keys = "keep"
}

import {
  to = svcacct_instaclustr_service_user.all[0]
  id = "user-000001"
}
`, resources: `
resource "svcacct_instaclustr_service_user" "all" {
  count        = var.objects
  username     = format("bench-%06d", count.index)
  email        = format("bench-%06d@acme.example", count.index)
  display_name = count.index == 0 ? var.changed : "bench"
  role         = "READ_ONLY"
}

resource "svcacct_instaclustr_service_user_api_key" "all" {
  count      = var.objects
  username   = format("bench-%06d", count.index)
  key_type   = "PROVISIONING_READONLY"
  depends_on = [svcacct_instaclustr_service_user.all]
}
`},
}

// title is what the guide calls so many objects.
func (f family) title(objects int) string { return fmt.Sprintf(f.about, objects) }

func familyNames() (names []string) {
	for _, f := range families {
		names = append(names, f.name)
	}
	return names
}

// accounts is the value of the simulators' flag -accounts.
func (f family) accounts(n size) int {
	if f.seeded == nil {
		return n.others
	}
	return max(f.seeded(n.objects), n.others)
}

// root is the configuration of the root module.
func root(resources string, v variant) string {
	return variables + "\nprovider \"svcacct\" {\n  http = {\n    " + v.http + "\n  }\n}\n" + resources
}
