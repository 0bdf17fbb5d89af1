package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestMultiply(t *testing.T) {
	// The private data is {"name":"bot-000001"}; the UUID is that of bot-000001.
	const state = `{"version":4,"resources":[{"type":"x","instances":[{"index_key":0,
		"attributes":{"name":"svc-bot-000001","uuid":"ID","size":1},"private":"eyJuYW1lIjoiYm90LTAwMDAwMSJ9"}]}]}`
	text, err := multiply([]byte(strings.ReplaceAll(state, "ID", uuid("bot-000001"))), "bot", 2)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Resources []struct {
			Instances []struct {
				Index      int `json:"index_key"`
				Attributes struct {
					Name, UUID string
					Size       int
				}
				Private []byte
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	instances := got.Resources[0].Instances
	if len(instances) != 2 || instances[0].Attributes.Name != "svc-bot-000001" {
		t.Fatalf("got %s", text)
	}
	second, attributes := instances[1], instances[1].Attributes
	if attributes.Name != "svc-bot-000002" || attributes.UUID != uuid("bot-000002") || attributes.Size != 1 ||
		second.Index != 1 || string(second.Private) != `{"name":"bot-000002"}` {
		t.Errorf("got %s", text)
	}
	for _, wrong := range []string{"", "{}", `{"resources":[{"instances":[]}]}`} {
		if _, err := multiply([]byte(wrong), "bot", 2); err == nil {
			t.Errorf("no error for %q", wrong)
		}
	}
}
