namespace JitAccess.Web.Nodes;

/// <summary>Nodes: reading them from AWS, listing them.</summary>
public static class NodesSetup
{
    public static void AddNodes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<NodeQueries>();
        builder.Services.AddSingleton<NodeInventory>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeInventory>());
    }
}
