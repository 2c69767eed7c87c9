using System.Collections.Concurrent;
using System.Diagnostics;

namespace JitAccess.Sandbox.Processes;

/// <summary>
/// Starts every child from one thread that lives as long as this process.
/// Linux sends the parent-death signal when the *thread* that forked ends, so a child started
/// from a pool thread would be ended as soon as the pool shrinks.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessStarter() =>
        new Thread(() =>
        {
            foreach (Action start in Work.GetConsumingEnumerable())
                start();
        })
        {
            IsBackground = true,
            Name = "Process starter",
        }.Start();

    public static async Task StartAsync(Process process)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        await started.Task;
    }
}
