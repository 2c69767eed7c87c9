using System.Text;
using CsCheck;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class PayloadJsonTests
{
    [Fact]
    public void OpenDataChannel_OfAClient_HasItsFourFields()
    {
        string json = Text(new OpenDataChannel("token", "request", "client", "1.2.677.0"));

        Assert.Equal("""{"MessageSchemaVersion":"1.0","RequestId":"request","TokenValue":"token","ClientId":"client","ClientVersion":"1.2.677.0"}""", json);
    }

    [Fact]
    public void OpenDataChannel_OfANode_IsToldByItsInstanceId()
    {
        Assert.True(PayloadJson.TryRead(
            """{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientInstanceId":"mi-0123456789abcdef0","ClientId":""}"""u8,
            out OpenDataChannel? open));

        Assert.Equal("mi-0123456789abcdef0", open.ClientInstanceId);
    }

    [Fact]
    public void OpenDataChannel_AsText_KeepsTheTokenToItself() =>
        Assert.DoesNotContain("secret", new OpenDataChannel("secret", "request").ToString(), StringComparison.Ordinal);

    [Fact]
    public void HandshakeResponse_OnTheWire_IsAsThePluginWritesIt()
    {
        string json = Text(new HandshakeResponse("1.2.677.0", [new(ClientActions.SessionType, ClientActionStatus.Success)]));

        Assert.Equal(
            """{"ClientVersion":"1.2.677.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}""",
            json);
    }

    [Fact]
    public void HandshakeRequest_WithSessionTypeAndKms_IsRead()
    {
        Assert.True(PayloadJson.TryRead(
            """
            {"AgentVersion":"3.3.0.0","RequestedClientActions":[
              {"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}},
              {"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"arn:aws:kms:eu-west-1:111122223333:key/k","Challenge":"Zg=="}}]}
            """u8,
            out HandshakeRequest? request));

        Assert.Equal([ClientActions.SessionType, ClientActions.KmsEncryption], request.RequestedClientActions.Select(a => a.ActionType));
    }

    [Fact]
    public void Size_OnTheWire_HasColsAndRows() => Assert.Equal("""{"cols":101,"rows":33}""", Text(new SizePayload(101, 33)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"AcknowledgedMessageType\":null,\"AcknowledgedMessageId\":\"x\",\"AcknowledgedMessageSequenceNumber\":0}")]
    public void Acknowledge_ThatIsNone_IsRefused(string json) =>
        Assert.False(PayloadJson.TryRead(Encoding.UTF8.GetBytes(json), out Acknowledge? _));

    [Fact]
    public void RandomBytes_AsAnyPayload_NeverThrow() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        PayloadJson.TryRead(bytes, out Acknowledge? _);
        PayloadJson.TryRead(bytes, out HandshakeRequest? _);
        PayloadJson.TryRead(bytes, out ChannelClosed? _);
        PayloadJson.TryRead(bytes, out OpenDataChannel? _);
    });

    private static string Text<T>(T content) where T : class => Encoding.UTF8.GetString(PayloadJson.Write(content));
}
