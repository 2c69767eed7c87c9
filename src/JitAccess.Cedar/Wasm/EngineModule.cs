using Wasmtime;

namespace JitAccess.Cedar.Wasm;

/// <summary>The engine's machine code, compiled once a process (about a second) and shared by all instances.</summary>
internal sealed class EngineModule
{
    private static readonly Lazy<EngineModule> SharedModule = new(() => new EngineModule());

    private EngineModule()
    {
        Engine = new Engine(new Config().WithFuelConsumption(true).WithReferenceTypes(true));
        using var wasm = typeof(EngineModule).Assembly.GetManifestResourceStream("cedar_wasm_bg.wasm")
            ?? throw new InvalidOperationException("The assembly does not hold the Cedar engine.");
        Module = Module.FromStream(Engine, "cedar", wasm);
    }

    public static EngineModule Shared => SharedModule.Value;

    public Engine Engine { get; }

    public Module Module { get; }
}
