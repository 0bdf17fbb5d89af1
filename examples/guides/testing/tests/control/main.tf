# Sends a request to the control port of the simulators, between two runs of a test.
variable "path" {
  type = string
}

variable "body" {
  type = string
}

resource "terraform_data" "request" {
  triggers_replace = [var.path, var.body]

  provisioner "local-exec" {
    command = "curl --fail --silent --show-error --data \"$BODY\" \"$SVCACCT_SIMULATORS_CONTROL$REQUEST_PATH\""
    environment = {
      BODY         = var.body
      REQUEST_PATH = var.path
    }
  }
}
