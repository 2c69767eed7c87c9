namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>Waits for what happens on another task, with a deadline that only a broken program meets.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            if (deadline.IsCancellationRequested)
                Assert.Fail($"Never: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
