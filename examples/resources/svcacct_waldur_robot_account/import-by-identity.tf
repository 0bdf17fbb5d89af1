import {
  to = svcacct_waldur_robot_account.ci
  identity = {
    uuid = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
  }
}
