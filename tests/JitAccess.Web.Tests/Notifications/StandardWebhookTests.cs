using JitAccess.Web.Notifications.Channels;

namespace JitAccess.Web.Tests.Notifications;

public sealed class StandardWebhookTests
{
    [Fact]
    public void Signature_IsThatOfThePublishedExample()
    {
        byte[] key = StandardWebhook.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", StandardWebhook.Signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}", key));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64!")]
    public void KeyOf_WhatIsNoSecret_IsNone(string? secret) => Assert.Null(StandardWebhook.KeyOf(secret));

    [Theory]
    [InlineData("https://example.com/hook", true)]
    [InlineData("http://127.0.0.1:8080/hook", true)]
    [InlineData("http://localhost/hook", true)]
    [InlineData("http://example.com/hook", false)]
    [InlineData("ftp://example.com/hook", false)]
    [InlineData("/hook", false)]
    public void IsSafe_OnlyWhatNobodyReadsOnTheWay(string address, bool expected) => Assert.Equal(expected, StandardWebhook.IsSafe(new Uri(address, UriKind.RelativeOrAbsolute)));
}
