package tfkit

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestTextFunction(t *testing.T) {
	f := TextFunction{
		Name: "upper", Summary: "Upper case", Description: "Returns upper case.", Parameter: "text", About: "A text.",
		Call: func(text string) (string, error) {
			if text == "" {
				return "", errors.New("must be a text")
			}
			return strings.ToUpper(text), nil
		},
	}.New()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	var valid function.DefinitionValidateResponse
	definition.Definition.ValidateImplementation(t.Context(),
		function.DefinitionValidateRequest{FuncName: "upper"}, &valid)
	wantStrings(t, texts(valid.Diagnostics))

	for text, want := range map[string]struct{ result, err string }{
		"a": {"A", ""}, "": {"", "must be a text"},
	} {
		resp := function.RunResponse{Result: function.NewResultData(types.StringUnknown())}
		f.Run(t.Context(), function.RunRequest{
			Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(text)}),
		}, &resp)
		switch {
		case want.err == "" && (resp.Error != nil || !resp.Result.Value().Equal(types.StringValue(want.result))):
			t.Errorf("%q: got %v, %v", text, resp.Result.Value(), resp.Error)
		case want.err != "" && (resp.Error == nil || resp.Error.Text != want.err ||
			resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0):
			t.Errorf("%q: got %v", text, resp.Error)
		}
	}
}
