# by the account's identifier
terraform import svcacct_wavefront_service_account.ci sa::ci
