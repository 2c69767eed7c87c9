using System.Runtime.InteropServices;

namespace JitAccess.Sandbox.Hosting;

/// <summary>Ctrl-C, a service manager's stop, a closed terminal: each asks for an orderly end. A second one does not wait for it.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals() =>
        registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, Stop)),
        ];

    public CancellationToken Requested => requested.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        requested.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        // Unhandled, the second signal ends the process at once, and the kernel then tells the children.
        context.Cancel = !requested.IsCancellationRequested;
        requested.Cancel();
    }
}
