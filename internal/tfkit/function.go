package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// TextFunction is a provider function of one text that returns a text. Terraform calls it from 1.8.
type TextFunction struct {
	Name        string
	Summary     string
	Description string
	Parameter   string // its name
	About       string // describes the parameter
	// Call returns the result. Its error says what the argument must be.
	Call func(string) (string, error)
}

// New constructs the function. It is an entry of Definition.Functions.
func (f TextFunction) New() function.Function { return textFunction{f} }

type textFunction struct{ definition TextFunction }

func (f textFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.definition.Name
}

func (f textFunction) Definition(
	_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary: f.definition.Summary, MarkdownDescription: f.definition.Description,
		Parameters: []function.Parameter{
			function.StringParameter{Name: f.definition.Parameter, MarkdownDescription: f.definition.About},
		},
		Return: function.StringReturn{},
	}
}

func (f textFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	result, err := f.definition.Call(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, result)
}
