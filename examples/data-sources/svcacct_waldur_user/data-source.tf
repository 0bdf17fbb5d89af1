data "svcacct_waldur_user" "ada" {
  username = "ada.kask"
}

data "svcacct_waldur_user" "bo" {
  email = "bo.tamm@acme.example"
}
