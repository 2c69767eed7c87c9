using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>What <c>dotnet ef</c> uses: the model needs no database.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<JitAccessDbContext>
{
    public JitAccessDbContext CreateDbContext(string[] args)
    {
        DbContextOptionsBuilder<JitAccessDbContext> options = new();
        DataSetup.Configure(options, NpgsqlDataSource.Create("Host=localhost;Database=design"));
        return new JitAccessDbContext(options.Options);
    }
}
