namespace JitAccess.Web.Tests.Sessions.DataChannel;

internal static class StreamReading
{
    /// <summary>What one read gives: at most a byte, 0 at the end.</summary>
    public static async Task<int> ReadOneAsync(this Stream stream) =>
        await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
