using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Aws;

/// <summary>Lists every problem of the section <c>Aws</c> at once, each naming its key.</summary>
internal sealed class AwsOptionsValidation : IValidateOptions<AwsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsOptions options)
    {
        List<string> problems = [.. options.Validate(new ValidationContext(options)).Select(problem => problem.ErrorMessage!)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
