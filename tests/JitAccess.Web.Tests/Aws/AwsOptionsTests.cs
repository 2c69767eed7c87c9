using JitAccess.Web.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Tests.Aws;

public class AwsOptionsTests
{
    [Fact]
    public void AwsOptions_EverythingWrong_EveryProblemIsListedWithItsKey()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Read(
            ("Aws:ServiceUrl", "http://aws.example"),
            ("Aws:SessionDocument", " "),
            ("Aws:RefreshInterval", "00:00:01"),
            ("Aws:Accounts:0:Id", "1"),
            ("Aws:Accounts:0:AccessRoleArn", "jit"),
            ("Aws:Accounts:1:Id", "222222222222"),
            ("Aws:Accounts:1:AccessRoleArn", "arn:aws:iam::111111111111:role/JitAccess-AccessRole"),
            ("Aws:Accounts:1:Regions:0", "eu-west-1"),
            ("Aws:Accounts:1:Regions:1", "eu-west-1")));

        Assert.Equal(
            [
                "Aws:HomeRegion", "Aws:ServiceUrl", "Aws:SessionDocument", "Aws:RefreshInterval", "Aws:Accounts:0:Id",
                "Aws:Accounts:0:AccessRoleArn", "Aws:Accounts:0:Regions", "Aws:Accounts:1:AccessRoleArn", "Aws:Accounts:1:Regions:1",
            ],
            refused.Failures.Select(problem => problem.Split(' ')[0]));
    }

    [Fact]
    public void AwsOptions_NoSectionAtAll_SaysWhatIsNeeded()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Read());
        Assert.Contains(refused.Failures, problem => problem.StartsWith("Aws:HomeRegion is missing", StringComparison.Ordinal));
        Assert.Contains(refused.Failures, problem => problem.StartsWith("Aws:Accounts is empty", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://vpce-1.ssm.eu-west-1.vpce.amazonaws.com")]
    [InlineData("http://127.0.0.1:4566")]
    public void AwsOptions_EverythingRight_GivesThePlaces(string serviceUrl)
    {
        AwsOptions options = Read(
            ("Aws:HomeRegion", "eu-west-1"),
            ("Aws:ServiceUrl", serviceUrl),
            ("Aws:Accounts:0:Id", "111111111111"),
            ("Aws:Accounts:0:AccessRoleArn", "arn:aws:iam::111111111111:role/JitAccess-AccessRole"),
            ("Aws:Accounts:0:Regions:0", "eu-west-1"),
            ("Aws:Accounts:0:Regions:1", "ap-northeast-1"));
        Assert.Equal(["eu-west-1", "ap-northeast-1"], options.Places.Select(place => place.Region));
    }

    private static AwsOptions Read(params (string Key, string Value)[] settings)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
            .AddLogging()
            .AddAws()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<AwsOptions>>().Value;
    }
}
