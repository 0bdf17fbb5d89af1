# by the account's UUID
terraform import svcacct_waldur_robot_account.ci 64d2f8b1a0c34e97b58d1e3c7f92a6b0

# by the UUID of its resource and its type
terraform import svcacct_waldur_robot_account.ci b20d5c6e8fa14b7f9e31c7d84a60f2e5/cicd
