using System.Globalization;
using JitAccess.Sandbox.Processes;

namespace JitAccess.Sandbox.Postgres;

/// <summary>The folder that holds a Postgres server's programs.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    public string InitDb => Program("initdb");

    public string Server => Program("postgres");

    public string Control => Program("pg_ctl");

    /// <summary>The first complete set of programs: on the PATH, then where installers put them, newest first.</summary>
    public static PostgresBinaries? Find() =>
        Folders().Select(folder => new PostgresBinaries(folder)).FirstOrDefault(binaries => binaries.IsComplete);

    private bool IsComplete => File.Exists(InitDb) && File.Exists(Server) && File.Exists(Control);

    private string Program(string name) =>
        Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    private static IEnumerable<string> Folders()
    {
        // The postgres program finds its own files relative to its real place, not to a link to it.
        if (ProgramPath.Find("postgres") is { } onPath)
            yield return Path.GetDirectoryName(ProgramPath.Resolve(onPath))!;

        string programFiles = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
        IEnumerable<string> versioned =
        [
            .. Versions("/usr/lib/postgresql"),
            .. Versions("/usr", "pgsql-"),
            .. Versions("/opt/homebrew/opt", "postgresql@"),
            .. Versions("/usr/local/opt", "postgresql@"),
            .. Versions("/Library/PostgreSQL"),
            .. Versions("/Applications/Postgres.app/Contents/Versions"),
            .. programFiles.Length > 0 ? Versions(Path.Combine(programFiles, "PostgreSQL")) : [],
        ];
        foreach (string folder in versioned)
            yield return Path.Combine(folder, "bin");
        yield return "/usr/local/pgsql/bin";
    }

    private static IEnumerable<string> Versions(string parent, string prefix = "")
    {
        if (!Directory.Exists(parent))
            return [];
        return Directory.GetDirectories(parent, prefix + "*")
            .Select(folder => (folder, version: Path.GetFileName(folder)[prefix.Length..]))
            .Where(candidate => double.TryParse(candidate.version, CultureInfo.InvariantCulture, out _))
            .OrderByDescending(candidate => double.Parse(candidate.version, CultureInfo.InvariantCulture))
            .Select(candidate => candidate.folder);
    }
}
