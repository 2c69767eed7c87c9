using Microsoft.Extensions.Options;

namespace JitAccess.Web.Aws;

/// <summary>Registers what speaks to AWS.</summary>
public static class AwsSetup
{
    /// <summary>Binds and validates the section <c>Aws</c>; registers <see cref="INodeReader"/>, <see cref="ISessionOpener"/>, <see cref="IObjectVault"/> and <see cref="IObjectStore"/>.</summary>
    public static void AddAws(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AwsOptions>().BindConfiguration("Aws").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AwsOptions>, AwsOptionsValidation>();
        builder.Services.AddSingleton<AwsClients>();
        builder.Services.AddSingleton<INodeReader, NodeReader>();
        builder.Services.AddSingleton<ISessionOpener, SessionOpener>();
        builder.Services.AddSingleton<IObjectVault, ObjectVault>();
        builder.Services.AddSingleton<IObjectStore, ObjectStore>();
    }
}
