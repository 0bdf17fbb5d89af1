package waldursim

import (
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// BackendMode is the account service behind Waldur's service accounts. API clients of a real server
// cannot see the option, only its effects.
type BackendMode string

const (
	// BackendAPI has an account service that names accounts and issues keys.
	BackendAPI BackendMode = ""
	// BackendMock has Waldur invent names and keys itself. There is no account service, so a mock
	// key opens nothing.
	BackendMock BackendMode = "mock"
	// BackendOff has neither, nor the address of an account service: a create is refused, a
	// rotation is a server fault, and a delete returns 204 and does nothing.
	BackendOff BackendMode = "off"
)

// Options are the options of a simulator. The zero value is a server of 2026 with a working account
// service.
type Options struct {
	// Backend is the mode at the start; SetBackend changes it later.
	Backend BackendMode
	// DateTimeZ writes date-times with a trailing Z, as servers of 2024 did, instead of +00:00.
	DateTimeZ bool
	// KeyLifetime is how long a key of the account service lives, to the second. Zero means 30
	// days; a negative value means that keys do not expire and that expires_at is null. Mock keys
	// always have 90 days.
	KeyLifetime time.Duration
	// Now is the clock of the server and of the account service; nil is time.Now.
	Now func() time.Time

	// ServiceTime is how long the account service takes for each call, in real time;
	// SetServiceTime changes it later.
	ServiceTime time.Duration
	// ServiceWait is how long Waldur waits for the account service, in real time; zero means 5
	// seconds. The account service carries a call out although Waldur no longer waits.
	ServiceWait time.Duration
	// Sources2025 returns 400 with the text of Waldur's HTTP client if the account service does not
	// respond to a create, or responds with an error without a body; the default is 500, and 400
	// with another text.
	Sources2025 bool
	// UpdatesKeepState leaves an account OK after an update that the account service has refused; the
	// default is Erred, with the error.
	UpdatesKeepState bool
	// EmptyErrors returns 400 and an empty object where the account service has refused a call.
	EmptyErrors bool
	// CountClosed counts closed service accounts against the limit, as sources of 2025 did.
	CountClosed bool
	// ListsByCreation lists service accounts in the order of their creation. By default they have
	// no order: an account that is written moves to the end.
	ListsByCreation bool

	// OneAtATime serves the requests of one token one after the other, in the order of their
	// arrival. A request keeps its place if its client gives up.
	OneAtATime bool
	// RequestTime is how long each request takes, in real time, besides the calls of the account
	// service.
	RequestTime time.Duration

	// OldRobotAccounts is the server of October 2024, which has robot accounts only, as they were
	// then: no state, description, error_message and error_traceback, no set_state paths,
	// offering_customer_uuid instead of provider_uuid and provider_name, only the filters by
	// resource, project, customer, provider and type, no projection by field, no check of the
	// uniqueness in an update. It sets DateTimeZ, UntrimmedKeys, FrozenResource, NoServiceAccounts
	// and NoPersonalTokens too.
	OldRobotAccounts bool
	// NoServiceAccounts has no paths of service accounts and no max_service_accounts.
	NoServiceAccounts bool
	// NoPersonalTokens refuses personal access tokens, as servers before 8.0.7 did.
	NoPersonalTokens bool
	// UntrimmedKeys accepts keys of robot accounts as any JSON that is a list of keys and stores
	// them with the white space behind them, as servers before 8.0.9 did.
	UntrimmedKeys bool
	// FrozenResource ignores the resource in PUT and PATCH of a robot account.
	FrozenResource bool
	// LeaveRequested leaves a new robot account in the state Requested; the default is OK.
	LeaveRequested bool
	// ConsentRedaction enforces the terms of service of every offering: users without consent
	// (SetConsent) cannot be linked to a robot account, and callers on the provider's side do not
	// see linked users without consent.
	ConsentRedaction bool
}

// complete returns the options with what other options set, and with the defaults.
func (o Options) complete() Options {
	if o.KeyLifetime == 0 {
		o.KeyLifetime = 30 * 24 * time.Hour
	}
	if o.ServiceWait == 0 {
		o.ServiceWait = 5 * time.Second
	}
	if o.OldRobotAccounts {
		o.DateTimeZ, o.UntrimmedKeys, o.FrozenResource = true, true, true
		o.NoServiceAccounts, o.NoPersonalTokens = true, true
	}
	return o
}

// AllOptions returns the options with the values that they have besides their defaults. ServiceWait
// is not listed: it acts together with a ServiceTime above it only, and then no service account can
// be created.
func AllOptions() []simkit.Option[Options] {
	return []simkit.Option[Options]{
		simkit.Choice("Backend", func(o *Options) *BackendMode { return &o.Backend }, BackendMock, BackendOff),
		simkit.Flag("DateTimeZ", func(o *Options) *bool { return &o.DateTimeZ }),
		duration("KeyLifetime", func(o *Options) *time.Duration { return &o.KeyLifetime }, "-1s", "1h"),
		duration("ServiceTime", func(o *Options) *time.Duration { return &o.ServiceTime }, "2ms"),
		simkit.Flag("Sources2025", func(o *Options) *bool { return &o.Sources2025 }),
		simkit.Flag("UpdatesKeepState", func(o *Options) *bool { return &o.UpdatesKeepState }),
		simkit.Flag("EmptyErrors", func(o *Options) *bool { return &o.EmptyErrors }),
		simkit.Flag("CountClosed", func(o *Options) *bool { return &o.CountClosed }),
		simkit.Flag("ListsByCreation", func(o *Options) *bool { return &o.ListsByCreation }),
		simkit.Flag("OneAtATime", func(o *Options) *bool { return &o.OneAtATime }),
		duration("RequestTime", func(o *Options) *time.Duration { return &o.RequestTime }, "2ms"),
		simkit.Flag("OldRobotAccounts", func(o *Options) *bool { return &o.OldRobotAccounts }),
		simkit.Flag("NoServiceAccounts", func(o *Options) *bool { return &o.NoServiceAccounts }),
		simkit.Flag("NoPersonalTokens", func(o *Options) *bool { return &o.NoPersonalTokens }),
		simkit.Flag("UntrimmedKeys", func(o *Options) *bool { return &o.UntrimmedKeys }),
		simkit.Flag("FrozenResource", func(o *Options) *bool { return &o.FrozenResource }),
		simkit.Flag("LeaveRequested", func(o *Options) *bool { return &o.LeaveRequested }),
		simkit.Flag("ConsentRedaction", func(o *Options) *bool { return &o.ConsentRedaction }),
	}
}

func duration(name string, field func(*Options) *time.Duration, values ...string) simkit.Option[Options] {
	return simkit.Option[Options]{Name: name, Values: values, Set: func(o *Options, value string) {
		*field(o), _ = time.ParseDuration(value)
	}}
}
