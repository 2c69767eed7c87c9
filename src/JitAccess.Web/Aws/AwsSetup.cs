using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Aws;

/// <summary>Registers what speaks to AWS.</summary>
public static class AwsSetup
{
    /// <summary>Binds and validates the section <c>Aws</c>; registers <see cref="INodeReader"/> and <see cref="ISessionOpener"/>.</summary>
    public static IServiceCollection AddAws(this IServiceCollection services)
    {
        services.AddOptions<AwsOptions>().BindConfiguration("Aws").ValidateOnStart();
        services.AddSingleton<IValidateOptions<AwsOptions>, AwsOptionsValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AwsClients>();
        services.AddSingleton<INodeReader, NodeReader>();
        services.AddSingleton<ISessionOpener, SessionOpener>();
        return services;
    }
}
