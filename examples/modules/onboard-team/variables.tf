variable "team" {
  description = "Beginning of the names of all accounts."
  type        = string
}

variable "services" {
  description = "The members and services of the team, by name: an e-mail address, and the systems that each needs."
  type = map(object({
    email   = string
    systems = optional(set(string), ["waldur", "wavefront", "instaclustr"])
  }))

  validation {
    condition = alltrue([
      for service in var.services : length(setsubtract(service.systems, ["waldur", "wavefront", "instaclustr"])) == 0
    ])
    error_message = "The systems are waldur, wavefront and instaclustr."
  }
}

variable "age_recipients" {
  description = "Public keys to which each key is encrypted: of the pipeline, and of an identity that you keep offline."
  type        = list(string)
}

variable "age_identity" {
  description = "Private key of one of the recipients. Default: the environment variable SVCACCT_AGE_IDENTITY."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = null
}

variable "waldur_project_uuid" {
  description = "UUID of the project in which the accounts of Waldur are."
  type        = string
}

variable "wavefront_permissions" {
  description = "Permissions of each account of Wavefront."
  type        = set(string)
  default     = ["metrics_management"]
}

variable "instaclustr_role" {
  description = "Role of each user of Instaclustr."
  type        = string
  default     = "READ_ONLY"
}

variable "instaclustr_key_type" {
  description = "Type of each key of Instaclustr."
  type        = string
  default     = "MONITORING"
}

variable "rotate_after" {
  description = "Age at which a key is rotated."
  type        = string
  default     = "2160h" # 90 days
}
