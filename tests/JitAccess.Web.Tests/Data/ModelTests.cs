using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tests.Data;

public sealed class ModelTests
{
    [Fact]
    public async Task Model_HasNoChangeWithoutAMigration()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using JitAccessDbContext database = await world.DatabaseAsync();
        Assert.False(database.Database.HasPendingModelChanges());
    }
}
