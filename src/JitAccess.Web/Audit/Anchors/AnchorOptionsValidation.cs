using Microsoft.Extensions.Options;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Lists every problem of the section <c>Audit:Anchor</c> at once, each naming its key.</summary>
internal sealed class AnchorOptionsValidation : IValidateOptions<AnchorOptions>
{
    public ValidateOptionsResult Validate(string? name, AnchorOptions options)
    {
        List<string> problems = [.. options.Problems()];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
