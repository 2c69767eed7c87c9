using System.Reflection;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Sandbox.Hosting;
using JitAccess.Web.Data;

namespace JitAccess.Web.Tests.Architecture;

/// <summary>Holds the arrows of docs/architecture.md.</summary>
public sealed class ArrowTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly Web = typeof(JitAccessDbContext).Assembly;

    [Fact]
    public void Cedar_KnowsOnlyTheFrameworkAndItsEngine() =>
        Assert.DoesNotContain(References(typeof(CedarEngine).Assembly), name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Wasmtime", StringComparison.Ordinal));

    [Fact]
    public void Domain_KnowsOnlyTheFrameworkAndCedar() =>
        Assert.DoesNotContain(References(typeof(Ruling).Assembly), name => !name.StartsWith("System", StringComparison.Ordinal) && name != "JitAccess.Cedar");

    [Fact]
    public void Web_KnowsNothingOfTheSandbox()
    {
        Assert.DoesNotContain("JitAccess.Sandbox", References(Web));
        Assert.Contains("JitAccess.Web", References(typeof(SandboxHost).Assembly));
    }

    [Theory]
    [InlineData("JitAccess.Web.Components", "JitAccess.Web.Data", "JitAccess.Web.Aws", "JitAccess.Web.Sessions.DataChannel")]
    [InlineData("JitAccess.Web.Api", "JitAccess.Web.Components", "JitAccess.Web.Data", "JitAccess.Web.Aws", "JitAccess.Web.Sessions.DataChannel", "Microsoft.EntityFrameworkCore", "Amazon")]
    [InlineData("JitAccess.Web.Tokens", "JitAccess.Web.Components", "JitAccess.Web.Api", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "JitAccess.Web.Policies", "JitAccess.Web.Aws", "Amazon")]
    [InlineData("JitAccess.Web.Idempotency", "JitAccess.Web.Components", "JitAccess.Web.Api", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "JitAccess.Web.Aws", "Amazon")]
    [InlineData("JitAccess.Web.Sessions.DataChannel", "JitAccess.Web.Aws", "JitAccess.Web.Data", "JitAccess.Web.Sessions.Gateway", "JitAccess.Domain", "Microsoft", "Amazon")]
    [InlineData("JitAccess.Web.Requests", "JitAccess.Web.Components", "JitAccess.Web.Sessions", "JitAccess.Web.Nodes", "Amazon")]
    [InlineData("JitAccess.Web.Grants", "JitAccess.Web.Components", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "Amazon")]
    [InlineData("JitAccess.Web.Sessions", "JitAccess.Web.Components", "JitAccess.Web.Requests", "Amazon")]
    [InlineData("JitAccess.Web.Nodes", "JitAccess.Web.Components", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "Amazon")]
    [InlineData("JitAccess.Web.Policies", "JitAccess.Web.Components", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "Amazon")]
    [InlineData("JitAccess.Web.Audit", "JitAccess.Web.Components", "JitAccess.Web.Requests", "JitAccess.Web.Sessions", "JitAccess.Web.Policies", "Amazon")]
    [InlineData("JitAccess.Web.Notifications", "JitAccess.Web.Components", "JitAccess.Web.Requests", "JitAccess.Web.Grants", "JitAccess.Web.Sessions", "JitAccess.Web.Policies", "JitAccess.Web.Audit", "JitAccess.Web.Aws", "Amazon")]
    [InlineData("JitAccess.Web.Notifications.Channels", "JitAccess.Web.Data", "JitAccess.Web.Identity", "JitAccess.Domain")]
    [InlineData("JitAccess.Web.Data", "JitAccess.Web.Components", "JitAccess.Web.Aws", "JitAccess.Web.Sessions.DataChannel", "Amazon")]
    [InlineData("JitAccess.Web.Aws", "JitAccess.Web.Components", "JitAccess.Web.Data", "JitAccess.Web.Requests")]
    public void Folder_NamesNoTypeOfAFolderItMustNotKnow(string folder, params string[] forbidden)
    {
        List<Type> types = [.. Web.GetTypes().Where(type => IsWithin(type, folder))];
        Assert.NotEmpty(types);
        IEnumerable<string> wrong = from type in types
                                    from used in Named(type)
                                    where forbidden.Any(name => IsWithin(used, name))
                                    select $"{type} → {used}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Arrows_ThatAreAllowed_AreSeen()
    {
        // Guards the test above against seeing nothing at all.
        Assert.Contains(Web.GetTypes().Where(type => IsWithin(type, "JitAccess.Web.Components")).SelectMany(Named), used => IsWithin(used, "JitAccess.Web.Requests"));
        Assert.Contains(Web.GetTypes().Where(type => IsWithin(type, "JitAccess.Web.Sessions")).SelectMany(Named), used => IsWithin(used, "JitAccess.Web.Aws"));
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsWithin(Type type, string folder) =>
        type.Namespace is { } name && (name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal));

    /// <summary>Every type that a type's signatures, fields and local variables name; compiler-made nested types (lambdas, iterators, async methods) are types of their own here.</summary>
    private static IEnumerable<Type> Named(Type type)
    {
        IEnumerable<Type?> own = [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(All).Select(field => field.FieldType)];
        IEnumerable<MethodBase> methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
        IEnumerable<Type?> inMethods = methods.SelectMany(method => (IEnumerable<Type?>)[
            (method as MethodInfo)?.ReturnType,
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method.GetMethodBody()?.LocalVariables.Select(variable => variable.LocalType) ?? []]);
        return own.Concat(inMethods).OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
