package instaclustrsim_test

import "strings"

// keys are the entries of a service user's keys.
func keys(user object) []object {
	entries := []object{}
	for _, entry := range user["apiKeys"].(object)["apiKeys"].([]any) {
		entries = append(entries, entry.(object))
	}
	return entries
}

// types are the types of a service user's keys, whatever the name of the field.
func types(user object) string {
	found := []string{}
	for _, entry := range keys(user) {
		kind, ok := entry["apiKeyType"].(string)
		if !ok {
			kind = entry["keyType"].(string)
		}
		found = append(found, kind)
	}
	return strings.Join(found, " ")
}

// fields are the names under which the types of a service user's keys stand.
func fields(user object) string {
	found := []string{}
	for _, entry := range keys(user) {
		for _, name := range []string{"apiKeyType", "keyType"} {
			if _, ok := entry[name]; ok {
				found = append(found, name)
			}
		}
	}
	return strings.Join(found, " ")
}

func allowed(user object) string {
	found := []string{}
	for _, entry := range user["apiKeys"].(object)["allowedApiKeyTypes"].([]any) {
		found = append(found, entry.(object)["name"].(string))
	}
	return strings.Join(found, " ")
}

func create(name, role string) object {
	return object{"username": name, "email": name + "@example.org", "profile": role}
}

func of(kind string) object { return object{"apiKeyType": kind} }

func cidrs(list ...string) object { return object{"cidrAllowList": append([]string{}, list...)} }

func one(name string) string { return usersPath + "/" + name }

func keysOf(name string) string { return one(name) + "/api-keys" }

func rotate(name, kind string) string { return keysOf(name) + "/" + kind + "/rotate" }

func restrict(name, kind string) string { return keysOf(name) + "/" + kind + "/ip-restrictions" }
