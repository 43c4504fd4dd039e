// The base of a service whose methods all take raw buffers.

#ifndef HCS_DAEMON_RPC_RAW_SERVICE_H_
#define HCS_DAEMON_RPC_RAW_SERVICE_H_

namespace hcs::rpc {

// RawService<Service, A, B> is A<B<Service>>: generated code offers one such
// layer, WithRawCallbackMethod_NAME, for each method.
template <typename Service, template <typename> typename... Layers>
struct RawServiceStack {
  using Type = Service;
};

template <typename Service, template <typename> typename Layer,
          template <typename> typename... Rest>
struct RawServiceStack<Service, Layer, Rest...> {
  using Type = Layer<typename RawServiceStack<Service, Rest...>::Type>;
};

template <typename Service, template <typename> typename... Layers>
using RawService = typename RawServiceStack<Service, Layers...>::Type;

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_RAW_SERVICE_H_
