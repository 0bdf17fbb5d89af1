variable "name" {
  description = "Beginning of the names of both users."
  type        = string
}

variable "emails" {
  description = "The e-mail address of each user. An address is unique among all users of Instaclustr."
  type        = object({ blue = string, green = string })
}

variable "active" {
  description = "The user whose key consumers get: blue or green."
  type        = string

  validation {
    condition     = contains(["blue", "green"], var.active)
    error_message = "The active user is blue or green."
  }
}

variable "rotated" {
  description = "Date of the last rotation of each key. Another date rotates the key: only change that of the idle user."
  type        = object({ blue = string, green = string })
}

variable "role" {
  description = "Role of both users."
  type        = string
  default     = "READ_ONLY"
}

variable "key_type" {
  description = "Type of both keys. The role must allow it."
  type        = string
  default     = "MONITORING"
}

variable "cidr_allow_list" {
  description = "The networks from which the keys work. Default: all."
  type        = set(string)
  default     = null
}
