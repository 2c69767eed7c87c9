namespace JitAccess.Sandbox.Postgres;

/// <summary>No Postgres could be had; the message says what was tried and how to get one.</summary>
public sealed class PostgresNotFoundException : Exception
{
    internal PostgresNotFoundException(IEnumerable<string> tried)
        : base(
            $"""
            No Postgres server could be had.
            {string.Join(Environment.NewLine, tried.Select(reason => "- " + reason))}
            One of these helps:
            - name a server: {PostgresServer.EnvironmentVariable}="Host=...;Username=...;Password=..." (a user that may create databases)
            - start a Docker engine
            - install the server's programs: Debian/Ubuntu "apt-get install postgresql", Fedora "dnf install postgresql-server", macOS "brew install postgresql", Windows https://www.postgresql.org/download/
            """)
    {
    }
}
