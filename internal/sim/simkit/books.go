package simkit

// Key is a key that a simulator issued to an account of a machine. Name is what tells the keys of
// an account apart; it is empty if an account has one key at a time.
type Key struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	// Secret is the key itself.
	Secret string `json:"key"`
	// Alive reports whether the key gives access now.
	Alive bool `json:"alive"`
}

// Stored is one object that a simulator stores. Object is in the form of the API, with its keys.
type Stored struct {
	Kind   string         `json:"kind"`
	Object map[string]any `json:"object"`
}
