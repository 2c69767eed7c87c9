namespace JitAccess.Web.Policies.Commands;

/// <summary>What a command ends with, so that scripts can tell. docs/policies.md lists them.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The document has problems, or a rule refuses.</summary>
    Problems = 1,

    /// <summary>The command was not understood.</summary>
    Usage = 2,

    /// <summary>The database cannot be reached or is not migrated.</summary>
    Database = 3,
}
