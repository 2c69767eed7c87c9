using System.Collections.Concurrent;

namespace JitAccess.Cedar.Wasm;

/// <summary>Lends each instance to one caller at a time; makes them when they are first needed, up to a fixed number.</summary>
internal sealed class InstancePool(CedarEngineOptions options) : IDisposable
{
    // An instance's memory never shrinks: one that a large text blew up is not kept.
    private const long KeptMemoryBytes = 16 * 1024 * 1024;

    private readonly ConcurrentStack<EngineInstance> _idle = new();
    private readonly SemaphoreSlim _free = new(options.MaxInstances);
    private volatile bool _disposed;

    /// <summary>Does the work with an instance of its own; waits for one when all are at work.</summary>
    public T Run<T>(Func<EngineInstance, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(CedarEngine));
        if (!_free.Wait(options.MaxWait))
            throw new CedarEngineException("The Cedar engine is too busy: no instance became free in time.");
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(CedarEngine));
            if (!_idle.TryPop(out var instance))
                instance = new EngineInstance(EngineModule.Shared, options);
            try
            {
                return work(instance);
            }
            finally
            {
                Return(instance);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Calls that are at work finish; their instances go afterwards.</summary>
    public void Dispose()
    {
        _disposed = true;
        DisposeIdle();
    }

    private void Return(EngineInstance instance)
    {
        if (instance.IsBroken || instance.MemoryBytes > KeptMemoryBytes)
        {
            instance.Dispose();
            return;
        }
        _idle.Push(instance);
        if (_disposed)
            DisposeIdle();
    }

    private void DisposeIdle()
    {
        while (_idle.TryPop(out var instance))
            instance.Dispose();
    }
}
