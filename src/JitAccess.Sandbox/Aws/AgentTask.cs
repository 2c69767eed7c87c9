using System.Text.Json;
using System.Text.Json.Serialization;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>What is sent to an agent on its control channel, and what it answers there.</summary>
internal static class AgentTask
{
    public const string Complete = "agent_task_complete";
    private const string Acknowledge = "agent_task_acknowledge";
    private const string Start = "interactive_shell";

    /// <summary>Asks the agent to begin a session.</summary>
    public static byte[] StartSession(ManagedSession session, SessionDocumentContent document, DateTimeOffset now) => Message(Start, now, new
    {
        Content = JsonSerializer.Serialize(new
        {
            document.DocumentName,
            DocumentContent = new
            {
                schemaVersion = "1.0",
                description = "",
                sessionType = document.SessionType,
                inputs = new
                {
                    s3BucketName = "",
                    s3KeyPrefix = "",
                    s3EncryptionEnabled = false,
                    cloudWatchLogGroupName = "",
                    cloudWatchEncryptionEnabled = false,
                    cloudWatchStreamingEnabled = false,
                    kmsKeyId = session.Node.KmsKeyArn ?? "",
                    runAsEnabled = false,
                    runAsDefaultUser = "",
                    shellProfile = new { windows = "", linux = "" },
                },
                parameters = new { },
                properties = document.Properties,
            },
            session.SessionId,
            Parameters = new { },
            RunAsUser = "",
            SessionOwner = session.OwnerArn,
        }),
        TaskId = Guid.NewGuid(),
        Topic = "aws.ssm.startSession",
        SchemaVersion = 1,
    });

    /// <summary>Tells the agent that its word was heard; otherwise it repeats it.</summary>
    public static byte[] Acknowledged(AgentMessage message, AgentTaskComplete complete, DateTimeOffset now) => Message(Acknowledge, now, new
    {
        SchemaVersion = 1,
        message.MessageId,
        complete.TaskId,
        complete.Topic,
    });

    private static byte[] Message<T>(string type, DateTimeOffset now, T content) => new AgentMessage
    {
        MessageType = type,
        CreatedDate = (ulong)now.ToUnixTimeMilliseconds(),
        Payload = JsonSerializer.SerializeToUtf8Bytes(content),
    }.ToArray();
}

/// <summary>The agent's word that a session is over on its side; the task is the session.</summary>
internal sealed record AgentTaskComplete(
    string TaskId, string Topic, string FinalTaskStatus, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Output)
{
    /// <summary>Reads what an agent sent; null when it is not one.</summary>
    public static AgentTaskComplete? Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize<AgentTaskComplete>(payload) is { TaskId: not null, FinalTaskStatus: not null } complete ? complete : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A session document with its parameters filled in.</summary>
/// <param name="DocumentName">Its name.</param>
/// <param name="SessionType">One of the session types.</param>
/// <param name="Properties">What the type needs.</param>
internal sealed record SessionDocumentContent(string DocumentName, string SessionType, object Properties);
