using System.Text.Json;

namespace JitAccess.Cli.Client;

/// <summary>What a login left behind.</summary>
/// <param name="Server">The server.</param>
/// <param name="RefreshToken">Gets the next tokens; good once.</param>
/// <param name="AccessToken">Goes with requests.</param>
/// <param name="AccessEndsAt">Until when.</param>
internal sealed record Credentials(Uri Server, string RefreshToken, string AccessToken, DateTimeOffset AccessEndsAt)
{
    public override string ToString() => nameof(Credentials);
}

/// <summary>Keeps credentials in a file that only its owner can read. One process at a time changes it: a refresh token that is used twice ends the login.</summary>
internal sealed class CredentialFile(string folder)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    private string File => Path.Combine(folder, "credentials.json");

    public Credentials? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Credentials>(System.IO.File.ReadAllText(File), Wire.Json);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.NotSignedIn, $"{File} cannot be read. Run jit login to write it anew.");
        }
    }

    public void Write(Credentials credentials)
    {
        string fresh = $"{File}.{Guid.NewGuid():n}";
        // Private from its first byte on, and whole or not at all.
        using (FileStream stream = new(fresh, Private(FileMode.CreateNew, FileShare.None))) JsonSerializer.Serialize(stream, credentials, Wire.Json);
        System.IO.File.Move(fresh, File, overwrite: true);
    }

    public void Delete() => System.IO.File.Delete(File);

    /// <summary>Holds the file against other processes until it is disposed.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        DateTime until = DateTime.UtcNow + LockPatience;
        while (true)
        {
            try
            {
                return new FileStream($"{File}.lock", Private(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
