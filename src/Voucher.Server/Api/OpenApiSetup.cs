using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Voucher.Server.Api;

/// <summary>Completes the OpenAPI document with what is the same for every endpoint: the way in and the answers of error.</summary>
public static class OpenApiSetup
{
    private const string Bearer = "bearer";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("voucher", options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(Complete);
    });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Voucher (培训券)",
            Version = "1",
            Description = "Everything the portal does, over HTTP. POST /api/login answers with an access token; send it as a bearer token. "
                + "Amounts are integers in 分 (fen). Errors are problem details (RFC 9457): bad input names its fields in `errors`, a refusal has a number in `code`. "
                + "Accept-Language: en asks for English, Chinese otherwise.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "The accessToken of POST /api/login.",
        };
        return Task.CompletedTask;
    }

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many requests from this address" });
            return Task.CompletedTask;
        }
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        operation.Responses.TryAdd("401", new OpenApiResponse { Description = "No token, or it is out of date" });
        operation.Responses.TryAdd("403", new OpenApiResponse { Description = "The log-in's roles do not allow it" });
        return Task.CompletedTask;
    }
}
