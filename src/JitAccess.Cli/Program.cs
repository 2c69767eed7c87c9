using JitAccess.Cli;

using CliContext context = CliContext.OfThisProcess();
return await Jit.RunAsync(args, context);
