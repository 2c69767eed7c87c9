using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Wasmtime;

namespace JitAccess.Cedar.Wasm;

/// <summary>
/// The engine's machine code, compiled once and shared by all instances of the process. Compiling takes seconds, so that
/// the result is kept in a file beside this assembly, where that can be written: whoever could change the file there
/// could change the program as well.
/// </summary>
internal sealed class EngineModule
{
    private static readonly Lazy<EngineModule> SharedModule = new(() => new EngineModule());

    private EngineModule()
    {
        Engine = new Engine(new Config().WithReferenceTypes(true).WithFuelConsumption(true));
        var wasm = ReadWasm();
        var file = Path.Combine(AppContext.BaseDirectory, $"cedar-{Convert.ToHexStringLower(SHA256.HashData(wasm))[..16]}.cwasm");
        Module = Load(file) ?? Compile(wasm, file);
    }

    public static EngineModule Shared => SharedModule.Value;

    public Engine Engine { get; }

    public Module Module { get; }

    private static byte[] ReadWasm()
    {
        using var resource = typeof(EngineModule).Assembly.GetManifestResourceStream("cedar_wasm_bg.wasm")
            ?? throw new InvalidOperationException("The assembly does not hold the Cedar engine.");
        var wasm = new byte[resource.Length];
        resource.ReadExactly(wasm);
        return wasm;
    }

    private Module? Load(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return Module.DeserializeFile(Engine, "cedar", file);
        }
        catch (WasmtimeException)
        {
            // Made by another release of Wasmtime or for another processor; it is compiled and written anew.
            return null;
        }
    }

    private Module Compile(byte[] wasm, string file)
    {
        var module = Module.FromBytes(Engine, "cedar", wasm);
        Keep(module, file);
        ReturnFreedMemory();
        return module;
    }

    private static void Keep(Module module, string file)
    {
        var unfinished = $"{file}.{Environment.ProcessId}";
        try
        {
            using (var stream = File.Create(unfinished))
            {
                stream.Write(module.Serialize());
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A program folder that cannot be written is no fault: the next start compiles again.
        }
    }

    // The compiler leaves more than 100 MiB of freed memory behind, which glibc would keep for the life of the process.
    private static void ReturnFreedMemory()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim))
            Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)(0);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nint keptBytes);
}
