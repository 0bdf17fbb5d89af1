variable "projects" {
  description = "The projects that get a robot, each under a name of your choice. Another incident rotates its key."
  type = map(object({
    project_uuid = string
    email        = optional(string)
    incident     = optional(string, "none")
  }))
}

variable "prefix" {
  description = "Beginning of the name of each account: together with the name of a project at most 32 characters."
  type        = string
  default     = "ci"
}

variable "rotate_after" {
  description = "Age at which a key is rotated."
  type        = string
  default     = "720h" # 30 days
}
