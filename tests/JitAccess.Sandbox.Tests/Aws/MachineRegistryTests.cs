using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>A machine registers itself with an activation and its own RSA key, as AWS's agent does.</summary>
public sealed class MachineRegistryTests : IAsyncLifetime
{
    private readonly EmulatedCloud cloud = new();
    private readonly HttpClient http = new();
    private readonly RSA key = RSA.Create(2048);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => cloud.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        http.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task Machine_Registered_GetsCredentialsAndAttaches()
    {
        string id = await RegisterAsync();
        JsonElement token = await Ok(await RequestTokenAsync(id, "print"));
        Assert.InRange(token.GetProperty("TokenExpirationDate").GetDouble(), DateTimeOffset.UtcNow.AddMinutes(50).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddMinutes(70).ToUnixTimeSeconds());
        EmulatedAccessKey minted = new(token.GetProperty("AccessKeyId").GetString()!, token.GetProperty("SecretAccessKey").GetString()!, "");

        string? sessionToken = token.GetProperty("SessionToken").GetString();
        // Its credentials are no other machine's.
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => FakeAgent.AttachAsync(cloud.Emulator.Endpoint, minted, EmulatedCloud.WithAgent.Id, sessionToken: sessionToken));
        await using FakeAgent agent = await FakeAgent.AttachAsync(cloud.Emulator.Endpoint, minted, id, sessionToken: sessionToken);
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");
        StartSessionResponse session = null!;
        await PollAsync(async () =>
        {
            try
            {
                session = await ssm.StartSessionAsync(new StartSessionRequest { Target = id }, Cancelled);
                return true;
            }
            catch (TargetNotConnectedException)
            {
                return false;
            }
        });
        await using ShellClient shell = await ShellClient.OpenAsync(session);

        await shell.ShowsAsync("# ");
    }

    [Theory]
    [InlineData("wrong", null, "Rsa", "InvalidActivation")]
    [InlineData(null, "wrong", "Rsa", "InvalidActivation")]
    [InlineData(null, null, "Ed25519", "ValidationException")]
    public async Task Registration_ThatIsNotInOrder_IsRefused(string? id, string? code, string type, string error)
    {
        Assert.Equal(error, await Error(await PostAsync("RegisterManagedInstance", new
        {
            ActivationId = id ?? cloud.Activation.Id,
            ActivationCode = code ?? cloud.Activation.Code,
            PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            PublicKeyType = type,
            Fingerprint = "print",
        })));
    }

    [Fact]
    public async Task Registration_WithAShortOrNoKey_IsRefused()
    {
        using RSA shortKey = RSA.Create(1024);
        foreach (string bad in new[] { Convert.ToBase64String(shortKey.ExportSubjectPublicKeyInfo()), "AAAA", "no base64" })
            Assert.Equal("ValidationException", await Error(await PostAsync("RegisterManagedInstance", new
            {
                ActivationId = cloud.Activation.Id,
                ActivationCode = cloud.Activation.Code,
                PublicKey = bad,
                PublicKeyType = "Rsa",
            })));
    }

    [Fact]
    public async Task Credentials_AskedForByAnybodyElse_AreRefused()
    {
        string id = await RegisterAsync();
        Assert.Equal("MachineFingerprintDoesNotMatch", await Error(await RequestTokenAsync(id, "another")));
        Assert.Equal("UnrecognizedClientException", await Error(await RequestTokenAsync("mi-00000000000000000", "print")));
        Assert.Equal("UnrecognizedClientException", await Error(await RequestTokenAsync(id, "print", at: DateTimeOffset.UtcNow.AddMinutes(-10))));
        using RSA stranger = RSA.Create(2048);
        Assert.Equal("UnrecognizedClientException", await Error(await RequestTokenAsync(id, "print", signer: stranger)));
        Assert.Equal("UnrecognizedClientException", await Error(await PostAsync("RequestManagedInstanceRoleToken", new { Fingerprint = "print" })));
    }

    private async Task<string> RegisterAsync() => (await Ok(await PostAsync("RegisterManagedInstance", new
    {
        ActivationId = cloud.Activation.Id,
        ActivationCode = cloud.Activation.Code,
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        PublicKeyType = "Rsa",
        Fingerprint = "print",
    }))).GetProperty("InstanceId").GetString()!;

    private Task<HttpResponseMessage> RequestTokenAsync(string id, string fingerprint, RSA? signer = null, DateTimeOffset? at = null)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { Fingerprint = fingerprint });
        string time = (at ?? DateTimeOffset.UtcNow).ToString(SignedRequest.TimeFormat, CultureInfo.InvariantCulture);
        const string target = "AmazonSSM.RequestManagedInstanceRoleToken";
        Dictionary<string, string> headers = new() { ["host"] = cloud.Emulator.Endpoint.Authority, ["x-amz-date"] = time, ["x-amz-target"] = target };
        string[] names = ["host", "x-amz-date", "x-amz-target"];
        CredentialScope scope = new(time[..8], DefaultWorld.Tokyo, "ssm");
        string text = new SignedRequest { Method = "POST", Target = "/", Headers = headers, Body = body }.StringToSign(scope, names);
        string signature = Convert.ToBase64String((signer ?? key).SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        return PostAsync(target["AmazonSSM.".Length..], body, time,
            $"AWS4-HMAC-SHA256 Credential={id}/{scope.Date}/{scope.Region}/ssm/aws4_request, SignedHeaders={string.Join(';', names)}, Signature={signature}");
    }

    private Task<HttpResponseMessage> PostAsync<T>(string operation, T content) => PostAsync(operation, JsonSerializer.SerializeToUtf8Bytes(content), null, null);

    private Task<HttpResponseMessage> PostAsync(string operation, byte[] body, string? time, string? authorization)
    {
        HttpRequestMessage request = new(HttpMethod.Post, cloud.Emulator.Endpoint) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonSSM.{operation}");
        if (time is not null)
            request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return http.SendAsync(request, Cancelled);
    }

    private static async Task<JsonElement> Ok(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<string?> Error(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancelled)).GetProperty("__type").GetString();
    }

    private static async Task PollAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }
}
