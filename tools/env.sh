# shellcheck shell=sh
# Read by the other scripts: an environment in which nothing depends on the user's own settings, calls home
# or, but for live.sh, reaches a real account.
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1

# TF_ACC_LOG still gives the logs of an acceptance test.
unset TF_CLI_CONFIG_FILE TF_LOG TF_LOG_CORE TF_LOG_PROVIDER TF_LOG_PATH TF_CLI_ARGS TF_DATA_DIR TF_WORKSPACE \
	TF_PLUGIN_CACHE_DIR TF_REATTACH_PROVIDERS || true
unset SVCACCT_AGE_IDENTITY SVCACCT_AGE_IDENTITY_FILE SVCACCT_IMPORT_API_KEY SVCACCT_IMPORT_STORE_API_KEY || true
if [ "${0##*/}" != live.sh ]; then # the only script that reaches real accounts
	unset WALDUR_API_URL WALDUR_ACCESS_TOKEN WALDUR_ACCESS_TOKEN_FILE WAVEFRONT_ADDRESS WAVEFRONT_TOKEN \
		WAVEFRONT_TOKEN_FILE IC_API_URL IC_USERNAME IC_API_KEY IC_API_KEY_FILE SVCACCT_ACC_LIVE || true
fi

# version CLI prints for example "Terraform v1.16.0".
version() {
	"$1" version | head -n 1
}
