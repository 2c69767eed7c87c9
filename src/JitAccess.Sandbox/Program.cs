using JitAccess.Sandbox.Hosting;

return await SandboxCommand.RunAsync(args);
