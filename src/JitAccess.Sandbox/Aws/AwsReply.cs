using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace JitAccess.Sandbox.Aws;

/// <summary>What goes back over HTTP.</summary>
internal sealed record AwsReply(HttpStatusCode Status, string ContentType, byte[] Body)
{
    public static AwsReply Xml(XElement content, HttpStatusCode status = HttpStatusCode.OK) => new(
        status, "text/xml;charset=UTF-8", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{content}"));

    public static AwsReply Json<T>(T content, HttpStatusCode status = HttpStatusCode.OK) => new(
        status, "application/x-amz-json-1.1", JsonSerializer.SerializeToUtf8Bytes(content, SsmJson.Options));
}
