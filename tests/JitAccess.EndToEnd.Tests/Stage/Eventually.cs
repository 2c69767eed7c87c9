namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>Waits for what happens outside the browser.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task IsAsync(string what, Func<bool> isSo) => IsAsync(what, () => Task.FromResult(isSo()));

    public static async Task IsAsync(string what, Func<Task<bool>> isSo)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested)
                Assert.Fail($"Within {Patience.TotalSeconds:0} s it did not come true that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }
}
